import ReactMarkdown from "react-markdown";
import rehypeSanitize, { defaultSchema } from "rehype-sanitize";
import remarkGfm from "remark-gfm";

// No pictures: they would tell a stranger's server who reads, and when.
const schema = { ...defaultSchema, tagNames: defaultSchema.tagNames?.filter((name) => name !== "img") ?? [] };

interface Node {
	type: string;
	children?: Node[];
}

/** Tags become text before the rest is cleaned, which would leave them out without a word. */
function tagsAreText() {
	return function turn(node: Node): void {
		if (node.type === "raw") node.type = "text";
		node.children?.forEach(turn);
	};
}

/** Markdown without HTML: tags in the text stand there as text. */
export default function Markdown({ text }: { text: string }) {
	return (
		<ReactMarkdown
			remarkPlugins={[remarkGfm]}
			rehypePlugins={[tagsAreText, [rehypeSanitize, schema]]}
			components={{
				a: ({ href, children }) => (
					<a href={href} target="_blank" rel="noopener noreferrer nofollow">
						{children}
					</a>
				),
				// It scrolls by itself; the keys do so where it has the focus.
				table: ({ children }) => (
					// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls needs the focus
					<section className="wide" aria-label="Table" tabIndex={0}>
						<table>{children}</table>
					</section>
				),
			}}
		>
			{text}
		</ReactMarkdown>
	);
}

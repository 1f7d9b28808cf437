/**
 * Lets a translator change a page that React draws. Translators put an element in place of a text; React goes on
 * with the text that it made, throws when it removes it, and changes it where nobody sees it. Here the element
 * stands for the text: it goes when the text goes, and the text comes back when it changes.
 *
 * @returns how to end it
 */
export function bearTranslation(page: Node = document): () => void {
	const standIns = new WeakMap<Node, Element>();
	const { removeChild, insertBefore } = Node.prototype;
	const placeOf = (node: Node): Element | undefined => {
		const standIn = standIns.get(node);
		return !node.parentNode && standIn?.parentNode ? standIn : undefined;
	};
	const watch = new MutationObserver((changes) => {
		for (const { type, target, removedNodes, ...near } of changes.map(described)) {
			if (type === "characterData") placeOf(target)?.replaceWith(target);
			for (const text of removedNodes) {
				const standIn = near.added ?? near.beside;
				if (!(text instanceof Text) || text.parentNode || !standIn) continue;
				standIns.set(text, standIn);
				watch.observe(text, { characterData: true });
			}
		}
	});
	Node.prototype.removeChild = function <T extends Node>(this: Node, child: T): T {
		if (child.parentNode === this) return removeChild.call(this, child) as T;
		placeOf(child)?.remove();
		return child;
	};
	Node.prototype.insertBefore = function <T extends Node>(this: Node, child: T, before: Node | null): T {
		const at = before && before.parentNode !== this ? (placeOf(before) ?? null) : before;
		return insertBefore.call(this, child, at?.parentNode === this ? at : null) as T;
	};
	watch.observe(page, { childList: true, subtree: true });
	return () => {
		watch.disconnect();
		Object.assign(Node.prototype, { removeChild, insertBefore });
	};
}

/** A change, with the element that came in the place of what went: at once, or as the neighbour of it. */
function described({ type, target, addedNodes, removedNodes, previousSibling, nextSibling }: MutationRecord) {
	const added = [...addedNodes].find((node) => node instanceof Element);
	const beside = [previousSibling, nextSibling].find((node) => node instanceof Element && node.localName === "font");
	return { type, target, removedNodes, added, beside: beside as Element | undefined };
}

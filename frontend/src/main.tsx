import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/app";
import { bearTranslation } from "./lib/translated";
import { Boundary } from "./ui/boundary";
import { PageTrouble } from "./ui/page-trouble";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/pages.css";
import "./styles/lab.css";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no element with the id root");
bearTranslation();
// What a boundary catches, it reports itself.
createRoot(root, { onCaughtError: () => {} }).render(
	<StrictMode>
		<Boundary place="the application" fallback={(error, retry) => <PageTrouble error={error} onRetry={retry} />}>
			<App />
		</Boundary>
	</StrictMode>,
);

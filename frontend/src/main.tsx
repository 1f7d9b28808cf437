import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/app";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/pages.css";
import "./styles/lab.css";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no element with the id root");
createRoot(root).render(
	<StrictMode>
		<App />
	</StrictMode>,
);

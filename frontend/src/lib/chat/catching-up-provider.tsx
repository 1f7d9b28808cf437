import { type ReactNode, useState } from "react";
import { MissingContext, ReportContext } from "./catching-up";

/** Lets the page that is open say how much it still has to read. */
export function CatchingUpProvider({ children }: { children: ReactNode }) {
	const [missing, report] = useState(0);
	return (
		<ReportContext value={report}>
			<MissingContext value={missing}>{children}</MissingContext>
		</ReportContext>
	);
}

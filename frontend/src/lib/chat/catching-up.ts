import { createContext, useContext, useEffect } from "react";

export const MissingContext = createContext(0);
export const ReportContext = createContext<(missing: number) => void>(() => {});

/** Messages that were missed and are being read; 0 for none. */
export function useMissing(): number {
	return useContext(MissingContext);
}

/** Says how many messages were missed, for as long as the component is there. */
export function useReportMissing(missing: number): void {
	const report = useContext(ReportContext);
	useEffect(() => {
		report(missing);
		return () => report(0);
	}, [report, missing]);
}

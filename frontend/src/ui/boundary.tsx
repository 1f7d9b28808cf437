import { Component, type ReactNode } from "react";
import { report } from "../lib/report";

interface Props {
	/** What stands inside, for the report: "a message". */
	place: string;
	/** Shown in its place when it breaks. */
	fallback: (error: unknown, retry: () => void) => ReactNode;
	children: ReactNode;
}

/** Whatever breaks inside breaks nothing outside. */
export class Boundary extends Component<Props, { broken: boolean; error: unknown }> {
	override state = { broken: false, error: undefined as unknown };

	static getDerivedStateFromError(error: unknown) {
		return { broken: true, error };
	}

	override componentDidCatch(error: unknown): void {
		report(this.props.place, error);
	}

	retry = (): void => this.setState({ broken: false, error: undefined });

	override render(): ReactNode {
		const { broken, error } = this.state;
		return broken ? this.props.fallback(error, this.retry) : this.props.children;
	}
}

import { useEffect, useId, useRef } from "react";
import "../styles/settings.css";

interface Confirmed {
	/** What is asked, as a question. */
	title: string;
	/** What ends with it, by name. */
	children: React.ReactNode;
	/** The verb on the button. */
	action: string;
	onConfirm: () => void;
	onCancel: () => void;
}

/** Asks once before something ends. The way back has the focus. */
export function Confirm({ title, children, action, onConfirm, onCancel }: Confirmed) {
	const id = useId();
	const dialog = useRef<HTMLDialogElement>(null);
	useEffect(() => {
		const shown = dialog.current;
		shown?.showModal();
		return () => shown?.close();
	}, []);
	return (
		<dialog ref={dialog} className="sheet" aria-labelledby={`${id}-title`} onCancel={onCancel}>
			<h2 id={`${id}-title`}>{title}</h2>
			<div className="sheet-text">{children}</div>
			<div className="sheet-ways">
				<button type="button" onClick={onCancel}>
					Cancel
				</button>
				<button type="button" className="ending" onClick={onConfirm}>
					{action}
				</button>
			</div>
		</dialog>
	);
}

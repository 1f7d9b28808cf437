import { type ReactNode, useEffect, useRef } from "react";
import { createPortal } from "react-dom";

/**
 * A dialog over the page: Escape closes it, and the focus goes back to where it was. It stands outside of
 * what opened it, which a narrow window may hide.
 */
export function Panel({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
	const dialog = useRef<HTMLDialogElement>(null);
	useEffect(() => {
		const element = dialog.current;
		if (element && !element.open) element.showModal();
		return () => element?.close();
	}, []);
	return createPortal(
		<dialog ref={dialog} className="panel" aria-label={title} onCancel={onClose}>
			<div className="panel-head">
				<h2>{title}</h2>
				<button type="button" className="plain" onClick={onClose}>
					Close
				</button>
			</div>
			{children}
		</dialog>,
		document.body,
	);
}

import type { Connection } from "../../../contract/http.gen";

/** A button of one connection's row. */
export function Way({ label, of, onClick }: { label: string; of: Connection; onClick: () => void }) {
	return (
		<button type="button" className="small" aria-label={`${label} ${of.username}, ${of.carrier}`} onClick={onClick}>
			{label}
		</button>
	);
}

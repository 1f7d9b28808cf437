interface Field {
	label: string;
	/** What may be searched for. */
	hint: string;
	value: string;
	onChange: (value: string) => void;
}

/** The field above a table that says which of its rows one wants to see. */
export function SearchField({ label, hint, value, onChange }: Field) {
	return (
		<label className="search">
			{label}
			<input type="search" value={value} onChange={(event) => onChange(event.target.value)} placeholder={hint} />
		</label>
	);
}

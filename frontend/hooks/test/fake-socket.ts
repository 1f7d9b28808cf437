/** A WebSocket in the hands of a test. */
export class FakeSocket {
	static readonly OPEN = 1;
	static all: FakeSocket[] = [];
	readyState = 0;
	protocol = "";
	sent: string[] = [];
	onopen: (() => void) | null = null;
	onmessage: ((event: { data: unknown }) => void) | null = null;
	onclose: ((event: { code: number; reason: string }) => void) | null = null;

	constructor(
		readonly url: URL,
		readonly protocols: string[],
	) {
		FakeSocket.all.push(this);
	}
	static get last(): FakeSocket {
		const last = FakeSocket.all.at(-1);
		if (!last) throw new Error("no socket was opened");
		return last;
	}
	/** Sockets that nobody has closed. */
	static get living(): number {
		return FakeSocket.all.filter((socket) => socket.readyState < 2).length;
	}
	open(protocol = "yodel"): void {
		this.readyState = 1;
		this.protocol = protocol;
		this.onopen?.();
	}
	hear(text: string): void {
		this.onmessage?.({ data: text });
	}
	end(code: number, reason = ""): void {
		this.readyState = 3;
		this.onclose?.({ code, reason });
	}
	send(text: string): void {
		this.sent.push(text);
	}
	close(): void {
		this.readyState = 3;
	}
}

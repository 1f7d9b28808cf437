import type { SocketClass } from "../dial";
import type { FakeServer } from "./fake-server";

interface CloseInit {
	code: number;
	reason: string;
}

/** A class of WebSockets that lead to a fake server and nowhere else. */
export function socketTo(server: FakeServer): SocketClass {
	class FakeSocket extends EventTarget {
		static readonly OPEN = 1;
		readyState = 0;
		binaryType = "blob";
		protocol = "";
		onopen: ((event: Event) => void) | null = null;
		onmessage: ((event: { data: string }) => void) | null = null;
		onclose: ((event: CloseInit) => void) | null = null;
		onerror: ((event: Event) => void) | null = null;
		#receive: ((text: string) => void) | undefined;
		#gone: (() => void) | undefined;

		constructor(
			readonly url: string | URL,
			protocols: string | string[] = [],
		) {
			super();
			server.note(new URL(url), [protocols].flat());
			queueMicrotask(() => this.#open());
		}

		#open(): void {
			if (this.readyState !== 0) return;
			if (server.refusing) {
				this.#emit("error", this.onerror);
				this.#closed(1006, "");
				return;
			}
			this.readyState = FakeSocket.OPEN;
			const { receive, gone } = server.serve({
				send: (text) => queueMicrotask(() => this.readyState === FakeSocket.OPEN && this.onmessage?.({ data: text })),
				close: (code, reason) => queueMicrotask(() => this.#closed(code, reason)),
			});
			this.#receive = receive;
			this.#gone = gone;
			this.#emit("open", this.onopen);
		}

		send(text: string): void {
			queueMicrotask(() => this.#receive?.(text));
		}

		close(): void {
			queueMicrotask(() => this.#closed(1005, ""));
		}

		#closed(code: number, reason: string): void {
			if (this.readyState === 3) return;
			this.readyState = 3;
			this.#gone?.();
			const event = Object.assign(new Event("close"), { code, reason });
			this.dispatchEvent(event);
			this.onclose?.(event);
		}

		#emit(type: string, handler: ((event: Event) => void) | null): void {
			const event = new Event(type);
			this.dispatchEvent(event);
			handler?.(event);
		}
	}
	return FakeSocket as unknown as SocketClass;
}

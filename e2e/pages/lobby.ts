import { expect, type Locator, type Page } from "@playwright/test";
import type { Person } from "./person";

/** The lobby, as somebody sees it in one tab. */
export class Lobby {
	private constructor(readonly page: Page) {}

	/** Goes there in somebody's tab, and waits until it is live. */
	static async entered(person: Person, page = person.page, { address = "", timeout = 15_000 } = {}): Promise<Lobby> {
		await page.goto(`${address}/lobby`);
		const lobby = new Lobby(page);
		await expect(lobby.connection).toHaveText("Live", { timeout });
		await expect(page.getByPlaceholder("Say something")).toBeVisible();
		return lobby;
	}

	get connection(): Locator {
		return this.page.getByRole("status", { name: "Connection" });
	}

	get gap(): Locator {
		return this.page.getByRole("status", { name: "Gap" });
	}

	get alert(): Locator {
		return this.page.getByRole("alert");
	}

	get typing(): Locator {
		return this.page.getByRole("status", { name: "Typing" });
	}

	get announcement(): Locator {
		return this.page.getByRole("status", { name: "Announcement" });
	}

	get people(): Locator {
		return this.page.getByRole("region", { name: "Here now" }).getByRole("listitem");
	}

	is(state: string | RegExp): Promise<void> {
		return expect(this.connection).toHaveText(state);
	}

	types(text: string): Promise<void> {
		return this.page.getByRole("textbox", { name: "Message" }).fill(text);
	}

	/** What is being written, and not sent. */
	holds(text: string): Promise<void> {
		return expect(this.page.getByRole("textbox", { name: "Message" })).toHaveValue(text);
	}

	async says(text: string): Promise<void> {
		await this.page.getByRole("textbox", { name: "Message" }).fill(text);
		await this.page.getByRole("button", { name: "Send" }).click();
		await expect(this.page.getByRole("textbox", { name: "Message" })).toHaveValue("");
	}

	/** Everything that was heard, in the order in which it stands there. */
	heard(): Promise<string[]> {
		return this.page.getByRole("log", { name: "Lobby" }).getByRole("listitem").locator("p").allTextContents();
	}

	/** What the page counted: how much was heard, and how much of it was out of place. */
	counts(count: number): Promise<void> {
		const talk = this.page.locator("[data-heard]");
		return expect(async () => {
			expect(await talk.getAttribute("data-heard")).toBe(String(count));
			expect(await talk.getAttribute("data-faults")).toBe("0");
		}).toPass();
	}

	/** The browser says so, and the page tries at once unless it is back already. */
	async hearsThatTheNetworkIsBack(): Promise<void> {
		await this.page.evaluate(() => window.dispatchEvent(new Event("online")));
	}
}

/** Tells everybody something, as a moderator can. */
export function announces(page: Page, text: string): Promise<void> {
	return page.evaluate(
		([text, key]) =>
			new Promise<void>((resolve, reject) => {
				const socket = new WebSocket("/ws");
				const call = { id: 2, rpc: { method: "announcement.send", data: { text, key } } };
				socket.onopen = () => socket.send(`{"id":1,"connect":{}}\n${JSON.stringify(call)}`);
				socket.onmessage = ({ data }) => {
					const reply = String(data)
						.split("\n")
						.find((line) => line.includes('"id":2'));
					if (!reply) return;
					socket.close();
					if (reply.includes('"error"')) reject(new Error(reply));
					else resolve();
				};
			}),
		[text, crypto.randomUUID()] as const,
	);
}

/** What one connection may say at once. */
const atOnce = 199;

/** Says many things, as fast as the server takes them, over as many connections as that needs. */
export function saysManyTimes(page: Page, count: number): Promise<void> {
	return page.evaluate(
		async ([total, most]) => {
			const talk = (from: number, to: number) =>
				new Promise<void>((resolve, reject) => {
					const socket = new WebSocket("/ws");
					let answers = 0;
					socket.onopen = () => socket.send('{"id":1,"connect":{}}');
					socket.onclose = (event) => reject(new Error(`closed with ${event.code} ${event.reason}`));
					socket.onmessage = (event) => {
						const replies = String(event.data).split("\n");
						if (replies.some((reply) => reply.includes('"connect"'))) {
							const says = [];
							for (let i = from; i < to; i++)
								says.push(JSON.stringify({ id: i + 2, rpc: { method: "lobby.say", data: { text: `${i}` } } }));
							for (let i = 0; i < says.length; i += 50) socket.send(says.slice(i, i + 50).join("\n"));
						}
						answers += replies.filter((reply) => reply.includes('"rpc"')).length;
						if (answers < to - from) return;
						socket.onclose = null;
						socket.close();
						resolve();
					};
				});
			for (let from = 0; from < total; ) {
				const wave = [];
				for (; wave.length < 8 && from < total; from += most) wave.push(talk(from, Math.min(from + most, total)));
				await Promise.all(wave);
			}
		},
		[count, atOnce] as const,
	);
}

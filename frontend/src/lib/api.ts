import type { Body, Register, SignedIn, User, YodelHttp } from "../../contract/http.gen";
import { answerWithin, within } from "./waits";

export type { User };

/** A refused request, with the code and sentence that the server gave. */
export class ApiError extends Error {
	override name = "ApiError";
	constructor(
		readonly status: number,
		readonly code: string,
		message: string,
	) {
		super(message);
	}
}

/** A token or ticket to hold in hand. It stays in memory and is never stored. */
export interface Held {
	secret: string;
	expiresAt: number;
}

/** A route without parameters in its path, such as "POST /api/login". */
type Route = { [R in keyof YodelHttp]: YodelHttp[R] extends { path: unknown } ? never : R }[keyof YodelHttp];
type Answer<R extends Route> = YodelHttp[R]["out"];

/** The body of an answer; rejects with an `ApiError` where it is a refusal. */
async function answered<Out>(path: string, init: RequestInit): Promise<Out> {
	const response = await fetch(path, init);
	if (response.ok) return (response.status === 204 ? undefined : await response.json()) as Out;
	const refused = (await response.json().catch(() => null)) as Partial<Body> | null;
	throw new ApiError(response.status, refused?.error?.code ?? "internal", refused?.error?.message ?? "Try again.");
}

/** Asks a route for what the server's contract says that it answers. */
function send<R extends Route>(
	route: R,
	body: YodelHttp[R]["in"],
	signal?: AbortSignal,
	ms = answerWithin,
): Promise<Answer<R>> {
	const [method, path] = route.split(" ") as [string, string];
	const init: RequestInit = { method };
	if (body !== undefined) {
		init.headers = { "Content-Type": "application/json" };
		init.body = JSON.stringify(body);
	}
	return within(ms, (until) => answered(path, { ...init, signal: until }), signal);
}

/** When the access cookie ends, in milliseconds since the epoch; 0 while nobody has told. */
let accessUntil = 0;
let refreshing: Promise<User> | null = null;

function signedIn({ user, expires_at }: SignedIn): User {
	accessUntil = Date.parse(expires_at);
	return user;
}

/** One refresh at a time: in this tab by sharing it, between tabs by a lock where the browser has one. */
function refresh(): Promise<User> {
	refreshing ??= locked(() => send("POST /api/refresh", undefined, undefined, refreshWithin))
		.then(signedIn)
		.finally(() => {
			refreshing = null;
		});
	return refreshing;
}

/** Milliseconds for a refresh: while it lasts, other tabs wait for it. */
const refreshWithin = 4000;

/** Works under the lock. Where it is forbidden, or held by a tab that went to sleep with it, works without. */
async function locked<T>(work: () => Promise<T>): Promise<T> {
	if (!("locks" in navigator)) return work();
	const abort = new AbortController();
	const timer = setTimeout(() => abort.abort(), refreshWithin + 1000);
	let begun = false;
	try {
		return await navigator.locks.request("yodel-refresh", { signal: abort.signal }, () => {
			begun = true;
			return work();
		});
	} catch (error) {
		if (begun) throw error;
		return work();
	} finally {
		clearTimeout(timer);
	}
}

/** Asks, and when the access cookie has ended, refreshes it once and asks again. */
export async function call<R extends Route>(
	route: R,
	body: YodelHttp[R]["in"],
	signal?: AbortSignal,
): Promise<Answer<R>> {
	try {
		return await send(route, body, signal);
	} catch (error) {
		if (!(error instanceof ApiError) || error.status !== 401) throw error;
		await refresh();
		return send(route, body, signal);
	}
}

const lead = 60_000;

export const api = {
	me: (signal?: AbortSignal) => call("GET /api/me", undefined, signal),
	register: (made: Register) => send("POST /api/register", made).then(signedIn),
	password: (old: string, next: string) =>
		call("POST /api/password", { old_password: old, new_password: next }).then(signedIn),
	login: (username: string, password: string) => send("POST /api/login", { username, password }).then(signedIn),
	logout: () =>
		call("POST /api/logout", undefined).finally(() => {
			accessUntil = 0;
		}),
	announcement: (signal?: AbortSignal) => call("GET /api/announcements/latest", undefined, signal),
	/** Makes sure that the access cookie is good for another minute, and tells until when it is. */
	async fresh(): Promise<number> {
		if (accessUntil - Date.now() < lead) await refresh();
		return accessUntil;
	},
	async token(signal?: AbortSignal): Promise<Held> {
		const { token, expires_at } = await call("POST /api/token", undefined, signal);
		return { secret: token, expiresAt: Date.parse(expires_at) };
	},
	/** A ticket for one attempt. With firstMessage it opens a connection that still has to authenticate. */
	async ticket(route: string, firstMessage: boolean, signal?: AbortSignal): Promise<Held> {
		const { ticket, expires_at } = await call("POST /api/ws/ticket", { route, first_message: firstMessage }, signal);
		return { secret: ticket, expiresAt: Date.parse(expires_at) };
	},
};

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

export interface User {
	id: string;
	username: string;
	name: string;
	role: "member" | "moderator" | "admin";
}

interface SignedIn {
	user: User;
	expires_at: string;
}

/** A token or ticket to hold in hand. It stays in memory and is never stored. */
export interface Held {
	secret: string;
	expiresAt: number;
}

async function send<T>(method: "GET" | "POST", path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
	const init: RequestInit = { method, signal: signal ?? null };
	if (body !== undefined) {
		init.headers = { "Content-Type": "application/json" };
		init.body = JSON.stringify(body);
	}
	const response = await fetch(path, init);
	if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T;
	const refused = (await response.json().catch(() => null)) as { error?: { code: string; message: string } } | null;
	throw new ApiError(response.status, refused?.error?.code ?? "internal", refused?.error?.message ?? "Try again.");
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
	refreshing ??= locked(() => send<SignedIn>("POST", "/api/refresh"))
		.then(signedIn)
		.finally(() => {
			refreshing = null;
		});
	return refreshing;
}

function locked<T>(work: () => Promise<T>): Promise<T> {
	return "locks" in navigator ? navigator.locks.request("yodel-refresh", work) : work();
}

/** Asks, and when the access cookie has ended, refreshes it once and asks again. */
async function call<T>(method: "GET" | "POST", path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
	try {
		return await send<T>(method, path, body, signal);
	} catch (error) {
		if (!(error instanceof ApiError) || error.status !== 401) throw error;
		await refresh();
		return send<T>(method, path, body, signal);
	}
}

const lead = 60_000;

export const api = {
	me: (signal?: AbortSignal) => call<User>("GET", "/api/me", undefined, signal),
	login: (username: string, password: string) =>
		send<SignedIn>("POST", "/api/login", { username, password }).then(signedIn),
	logout: () =>
		call<void>("POST", "/api/logout").finally(() => {
			accessUntil = 0;
		}),
	/** Makes sure that the access cookie is good for another minute, and tells until when it is. */
	async fresh(): Promise<number> {
		if (accessUntil - Date.now() < lead) await refresh();
		return accessUntil;
	},
	async token(signal?: AbortSignal): Promise<Held> {
		const { token, expires_at } = await call<{ token: string; expires_at: string }>(
			"POST",
			"/api/token",
			undefined,
			signal,
		);
		return { secret: token, expiresAt: Date.parse(expires_at) };
	},
	/** A ticket for one attempt. With firstMessage it opens a connection that still has to authenticate. */
	async ticket(route: string, firstMessage: boolean, signal?: AbortSignal): Promise<Held> {
		const body = { route, first_message: firstMessage };
		const { ticket, expires_at } = await call<{ ticket: string; expires_at: string }>(
			"POST",
			"/api/ws/ticket",
			body,
			signal,
		);
		return { secret: ticket, expiresAt: Date.parse(expires_at) };
	},
};

import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from "react";
import { LoginPage } from "../features/auth/login-page";
import { ApiError, api, type User } from "../lib/api";
import { part } from "../lib/part";
import { SessionContext } from "../lib/session";
import { signOut } from "../lib/sign-out";
import { pauseBefore } from "../lib/waits";
import { Mark } from "../ui/mark";

// Whoever is not signed in loads the login page alone.
const SignedIn = lazy(part(() => import("./signed-in")));
const RegisterPage = lazy(
	part(() => import("../features/register/register-page").then((page) => ({ default: page.RegisterPage }))),
);

type Standing =
	| { state: "asking" }
	| { state: "out" }
	| { state: "in"; user: User }
	| { state: "unreachable"; failures: number };

/** Who is signed in decides what is shown. */
export function App() {
	const [standing, setStanding] = useState<Standing>({ state: "asking" });
	const ask = useCallback((signal?: AbortSignal) => {
		api.me(signal).then(
			(user) => setStanding({ state: "in", user }),
			(error: unknown) => {
				if (signal?.aborted) return;
				const signedOut = error instanceof ApiError && error.status === 401;
				setStanding((before) => {
					if (signedOut) return { state: "out" };
					return { state: "unreachable", failures: before.state === "unreachable" ? before.failures + 1 : 0 };
				});
			},
		);
	}, []);
	useEffect(() => {
		const abort = new AbortController();
		ask(abort.signal);
		return () => abort.abort();
	}, [ask]);
	// A server that can't be reached now may be back in a moment, with nobody there to press the button.
	useEffect(() => {
		if (standing.state !== "unreachable") return;
		const abort = new AbortController();
		const timer = setTimeout(() => ask(abort.signal), pauseBefore(standing.failures));
		return () => {
			clearTimeout(timer);
			abort.abort();
		};
	}, [standing, ask]);
	const user = standing.state === "in" ? standing.user : null;
	const enter = useCallback((user: User) => setStanding({ state: "in", user }), []);
	const session = useMemo(
		() => user && { user, onUser: enter, onSignedOut: () => setStanding({ state: "out" }) },
		[user, enter],
	);
	const [joining, setJoining] = useState(() => location.pathname === "/register");

	if (joining && (session || standing.state === "out"))
		return (
			<Suspense fallback={<main className="center" aria-busy="true" />}>
				<RegisterPage
					{...(session ? { signedInAs: session.user.username, onSignOut: () => signOut(session) } : {})}
					onSignedIn={(user) => {
						history.replaceState(null, "", "/"); // the link is used up
						setJoining(false);
						enter(user);
					}}
				/>
			</Suspense>
		);
	if (session)
		return (
			<SessionContext value={session}>
				<Suspense fallback={<main className="center" aria-busy="true" />}>
					<SignedIn key={session.user.id} />
				</Suspense>
			</SessionContext>
		);
	if (standing.state === "out") return <LoginPage onSignedIn={enter} />;
	return (
		<main className="center">
			<Mark />
			{standing.state === "unreachable" && (
				<>
					<p>The server can't be reached.</p>
					<button type="button" onClick={() => ask()}>
						Try again
					</button>
				</>
			)}
		</main>
	);
}

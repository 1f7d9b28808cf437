import { lazy, Suspense, useCallback, useEffect, useState } from "react";
import { LoginPage } from "../features/auth/login-page";
import { DemoPage } from "../features/demo/demo-page";
import { LabPage } from "../features/lab/lab-page";
import { ApiError, api, type User } from "../lib/api";
import { usePath } from "../lib/path";
import { Mark } from "../ui/mark";
import { Header } from "./header";

// The protocol's client comes with the page that needs it.
const LobbyPage = lazy(() => import("../features/lobby/lobby-page").then((page) => ({ default: page.LobbyPage })));

type Session = { state: "asking" } | { state: "out" } | { state: "in"; user: User } | { state: "unreachable" };

/** Who is signed in decides which page is shown. */
export function App() {
	const [session, setSession] = useState<Session>({ state: "asking" });
	const ask = useCallback((signal?: AbortSignal) => {
		api.me(signal).then(
			(user) => setSession({ state: "in", user }),
			(error: unknown) => {
				if (signal?.aborted) return;
				const signedOut = error instanceof ApiError && error.status === 401;
				setSession({ state: signedOut ? "out" : "unreachable" });
			},
		);
	}, []);
	useEffect(() => {
		const abort = new AbortController();
		ask(abort.signal);
		return () => abort.abort();
	}, [ask]);
	const path = usePath();
	const leave = useCallback(() => setSession({ state: "out" }), []);

	if (session.state === "in")
		return (
			<>
				<Header user={session.user} onSignedOut={leave} />
				<Suspense fallback={null}>
					{path === "/lab" ? (
						<LabPage />
					) : path === "/lobby" ? (
						<LobbyPage onSignedOut={leave} />
					) : (
						<DemoPage user={session.user} onSignedOut={leave} />
					)}
				</Suspense>
			</>
		);
	if (session.state === "out") return <LoginPage onSignedIn={(user) => setSession({ state: "in", user })} />;
	return (
		<main className="center">
			<Mark />
			{session.state === "unreachable" && (
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

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { forgetSignOut } from "../lib/signed-out-here";
import { mayMend, pauseBefore } from "../lib/waits";
import { makeRouter } from "./router";

/** What is asked over HTTP is asked again twice, where that may help. */
const asked = {
	staleTime: 10_000,
	retry: (failures: number, error: unknown) => failures < 2 && mayMend(error),
	retryDelay: pauseBefore,
};

/** Everything that needs a login. */
export default function SignedIn() {
	const [router] = useState(makeRouter);
	const [queries] = useState(() => new QueryClient({ defaultOptions: { queries: asked } }));
	useEffect(forgetSignOut, []);
	return (
		<QueryClientProvider client={queries}>
			<RouterProvider router={router} />
		</QueryClientProvider>
	);
}

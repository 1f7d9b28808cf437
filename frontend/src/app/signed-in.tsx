import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { forgetSignOut } from "../lib/signed-out-here";
import { makeRouter } from "./router";

/** Everything that needs a login. */
export default function SignedIn() {
	const [router] = useState(makeRouter);
	const [queries] = useState(() => new QueryClient({ defaultOptions: { queries: { staleTime: 10_000, retry: 1 } } }));
	useEffect(forgetSignOut, []);
	return (
		<QueryClientProvider client={queries}>
			<RouterProvider router={router} />
		</QueryClientProvider>
	);
}

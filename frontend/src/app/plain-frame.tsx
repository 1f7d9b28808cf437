import { Outlet } from "@tanstack/react-router";
import { Suspense } from "react";
import { Header } from "./header";

/** A page with nothing but the header around it. */
export function PlainFrame() {
	return (
		<>
			<Header />
			<Suspense fallback={null}>
				<Outlet />
			</Suspense>
		</>
	);
}

import { type UseQueryResult, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { YodelHttp } from "../../../contract/http.gen";
import { ApiError } from "../../lib/api";
import { ask, type Question } from "../../lib/ask";
import { useWhoIAm } from "../../lib/who-i-am";

/** For who is no administrator these routes do not exist: 404 is the moment to ask who one is. */
function refusedAsNobody(error: unknown): boolean {
	return error instanceof ApiError && error.status === 404 && error.code === "not_found";
}

/** Reads a route of administrators, again every so many milliseconds while the page is in sight. */
export function useAdmin<R extends keyof YodelHttp>(
	route: R,
	question: Question<R>,
	every: number | false = false,
): UseQueryResult<YodelHttp[R]["out"]> {
	const askAgain = useWhoIAm();
	return useQuery<YodelHttp[R]["out"]>({
		queryKey: ["admin", route, question],
		queryFn: async ({ signal }) => {
			try {
				return await ask(route, question, signal);
			} catch (error) {
				if (refusedAsNobody(error)) void askAgain();
				throw error;
			}
		},
		refetchInterval: every,
		placeholderData: (before) => before,
		retry: false,
	});
}

/** Does what a route of administrators does, and reads everything again. */
export function useAct<R extends keyof YodelHttp>(route: R) {
	const queries = useQueryClient();
	return useMutation<YodelHttp[R]["out"], unknown, Question<R>>({
		mutationFn: (question) => ask(route, question),
		onSettled: () => queries.invalidateQueries({ queryKey: ["admin"] }),
	});
}

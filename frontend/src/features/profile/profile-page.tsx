import { useQuery } from "@tanstack/react-query";
import { ask } from "../../lib/ask";
import { usePageTitle } from "../../lib/page-title";
import { Trouble, Waiting } from "../../ui/trouble";
import { PasswordForm } from "./password-form";
import { ProfileForm } from "./profile-form";
import "../../styles/settings.css";

/** What others see of one, and one's password. */
export function ProfilePage() {
	usePageTitle("Your profile");
	const profile = useQuery({
		queryKey: ["profile"],
		queryFn: ({ signal }) => ask("GET /api/profile", {}, signal),
		staleTime: Number.POSITIVE_INFINITY, // what one types is not overwritten
	});
	return (
		<section className="settings" aria-labelledby="profile-title">
			<h1 id="profile-title">Your profile</h1>
			{profile.isPending && <Waiting />}
			{profile.isError && <Trouble error={profile.error} onRetry={() => profile.refetch()} />}
			{profile.data && <ProfileForm profile={profile.data} />}
			<PasswordForm />
		</section>
	);
}

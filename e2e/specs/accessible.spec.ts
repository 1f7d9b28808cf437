import { bringAxe, colours, everything, faultsOf } from "../fixtures/axe";
import { ownServer } from "../fixtures/own-server";
import { expect, test } from "../fixtures/world";
import { chatSights } from "../pages/chat-sights";
import { shown, sights } from "../pages/sights";

test.use({ trace: "off" }); // a copy of axe for each step
test.setTimeout(120_000);

const yodel = ownServer("for all");

for (const sight of [...sights, ...chatSights])
	test(`axe finds nothing serious: ${sight.name}`, async ({ browser }) => {
		const page = await shown(browser, yodel.address, sight);
		await bringAxe(page);
		for (const width of [320, 1440]) {
			await page.setViewportSize({ width, height: 800 });
			await page.emulateMedia({ colorScheme: "light" });
			expect(await faultsOf(page, everything), `light, ${width} px`).toEqual([]);
			await page.emulateMedia({ colorScheme: "dark" });
			expect(await faultsOf(page, colours), `dark, ${width} px`).toEqual([]);
		}
		await page.context().close();
	});

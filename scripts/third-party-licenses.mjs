// The licenses of the packages whose code is inside our bundles: all of them ask to be passed on with it.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const LICENSE_FILE = /^(licen[cs]e|notice|copying)/i;

/** @param metafiles esbuild's accounts of the bundles */
export function thirdPartyLicenses(metafiles) {
  const folders = new Set(metafiles.flatMap(({ inputs }) => Object.keys(inputs)).flatMap(packageFolder));
  return (
    [...folders]
      .sort()
      .map((folder) => {
        const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
        const texts = readdirSync(join(root, folder))
          .filter((file) => LICENSE_FILE.test(file))
          .sort()
          .map((file) => readFileSync(join(root, folder, file), 'utf8').trim());
        return { title: `${name} ${version} (${license})`, text: texts.join('\n\n') };
      })
      // Packages of one project share a license text: it is told once.
      .reduce((groups, { title, text }) => {
        const group = groups.find((known) => known.text === text);
        if (group === undefined) groups.push({ titles: [title], text });
        else group.titles.push(title);
        return groups;
      }, [])
      .map(({ titles, text }) => `${titles.join('\n')}\n\n${text}\n`)
      .join(`\n${'-'.repeat(80)}\n\n`)
  );
}

/** `node_modules/@aws-sdk/core` of a file in it; the innermost package if they are nested. */
function packageFolder(input) {
  const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
  return match !== null && existsSync(join(root, match[1], 'package.json')) ? [match[1]] : [];
}

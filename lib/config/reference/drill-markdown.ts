import { drillFileSchema } from './drill-schema';
import { sectionsOf } from './markdown';

const INTRODUCTION = `# Drill reference

<!-- Generated from the schemas in lib/config/schema/drill by \`npm run generate:config\`. Do not edit. -->

Every key of \`stamps/drills/<drill>.yaml\`. How to write one is in [drills.md](drills.md). \`stampkit check\` judges all of them and prints
findings with file, line and column; unknown keys are errors. Durations, percentages and Regions are written as in
[configuration.md](configuration.md). For editors, start a file with \`# yaml-language-server: $schema=./schema.json\`.
`;

/** `docs/drill-reference.md`: every key with type, default and meaning. */
export function drillMarkdown(): string {
  const sections = [
    INTRODUCTION,
    ...sectionsOf({ heading: 'drills/<drill>.yaml', level: 2, path: '', schema: drillFileSchema() }),
  ];
  return `${sections.map((section) => section.trimEnd()).join('\n\n')}\n`;
}

import { cpSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { CONSUMERS, lowestPeer } from './support/peers';
import { run, succeed } from './support/run';
import { assemblyFolder, synthesizeTypeScript, templateText } from './support/synthesize';

const bindings = join(inject('bindings'), 'java');
const project = join(inject('project'), 'java');

/** Maven asks its index only for what is not in the local repository yet. */
async function compile(): Promise<void> {
  const goals = [`-DawsCdkLib=${lowestPeer('aws-cdk-lib')}`, `-Dconstructs=${lowestPeer('constructs')}`, 'compile'];
  const offline = await run('mvn', ['-B', '-q', '-o', ...goals], { cwd: project });
  if (offline.exitCode !== 0) await succeed('mvn', ['-B', '-q', ...goals], { cwd: project });
}

async function java(program: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
  const classpath = [join(project, 'target', 'classes'), readFileSync(join(project, 'target', 'classpath'), 'utf8').trim()];
  return succeed('java', ['-cp', classpath.join(delimiter), `example.${program}`], { cwd: project, env });
}

describe('a Java project', () => {
  beforeAll(async () => {
    cpSync(join(CONSUMERS, 'java'), project, { recursive: true });
    cpSync(join(bindings, 'src', 'main'), join(project, 'src', 'main'), { recursive: true });
    await compile();
  });

  test('synthesizes the same stamp, byte by byte', async () => {
    const assembly = assemblyFolder();
    const [typescript] = await Promise.all([synthesizeTypeScript('stamp'), java('ShopStamp', { CDK_OUTDIR: assembly })]);
    expect(templateText(assembly, 'Shop')).toBe(templateText(typescript, 'Shop'));
  });

  test('sees code and fix of an error in its message', async () => {
    expect(await java('Mistake')).toMatch(/ALARM_SUBSCRIPTION: .*"on-call@example\.com".* Write mailto:/);
  });

  test('the artifact is io.stampkit:stampkit and asks for the same peers', () => {
    const pom = readFileSync(join(bindings, 'pom.xml'), 'utf8');
    expect(pom).toMatch(/<groupId>io\.stampkit<\/groupId>\s*<artifactId>stampkit<\/artifactId>/);
    for (const name of ['aws-cdk-lib', 'constructs']) {
      expect(pom).toMatch(
        new RegExp(`<artifactId>${name}</artifactId>\\s*<version>\\[${lowestPeer(name).replaceAll('.', '\\.')},`),
      );
    }
  });
});

import { existsSync } from 'node:fs';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { readFleet } from '../../assembly/parse-fleet';
import { StampError } from '../../errors';
import type { Lab, LabRecord, LabStatus } from '../../lab';
import { type CommandContext, type CommonOptions, printFindings, printJson, withCommonOptions } from '../command';
import { loadLab } from '../lab-module';
import { loadFleet } from '../load-fleet';
import type { OperationsHost } from '../operations/host';
import { EXIT_FINDINGS, EXIT_OK, type Terminal, renderTable } from '../terminal';
import { synthesizeFacts } from '../verify/synthesize';

const ACTIONS = ['up', 'status', 'down'] as const;

interface LabCommandOptions extends CommonOptions {
  readonly speed: number;
  readonly seed: number;
  readonly group?: readonly string[];
  readonly assembly?: string;
}

/** `stampkit lab`: the local lab by hand. */
export function registerLab(program: Command, context: CommandContext, host: OperationsHost): void {
  const { terminal, finish } = context;
  const command = program
    .command('lab')
    .argument('<action>', ACTIONS.join(', '))
    .argument('[id]', 'status, down: one lab; without it all of them')
    .addOption(
      new Option('--speed <n>', 'up: divides every emulated duration, such as intervals and TTLs').default(1).argParser(positive),
    )
    .addOption(new Option('--seed <n>', 'up: decides how long emulated delays are').default(1).argParser(positive))
    .option('--group <groups...>', 'up: only these tenant groups')
    .option('--assembly <dir>', 'up: read this cloud assembly instead of synthesizing stamps/');
  withCommonOptions(command, 'npx stampkit lab up --speed 10 --group enterprise').action(
    async (action: string, id: string | undefined, options: LabCommandOptions) => {
      switch (action) {
        case 'up':
          finish(await up(terminal, host, options));
          return;
        case 'status':
          finish(await status(terminal, id, options));
          return;
        case 'down':
          finish(await down(terminal, id, options));
          return;
        default:
          throw new StampError('USAGE', `lab has no action "${action}"`, `Use one of ${ACTIONS.join(', ')}.`);
      }
    },
  );
}

/** Starts a lab and supervises it until Ctrl-C, or `lab down` from elsewhere. */
async function up(terminal: Terminal, host: OperationsHost, options: LabCommandOptions): Promise<number> {
  const { findings, fleet } = loadFleet(options.stamps);
  printFindings(terminal.err, findings);
  if (fleet === undefined) return EXIT_FINDINGS;
  const { startLab } = loadLab();
  const facts = options.assembly === undefined ? await synthesizeFacts(fleet) : readFleet(options.assembly);
  // Listened to before anything is started: whoever interrupts the start must not leave half a lab.
  const wish: { over: boolean; end?: () => void } = { over: false };
  const release = host.onInterrupt(() => {
    wish.over = true;
    wish.end?.();
  });
  try {
    const lab = await startLab({
      facts,
      zones: [fleet.zone, ...fleet.groups.map(({ zone }) => zone)],
      speed: options.speed,
      seed: options.seed,
      ...(options.group !== undefined && { groups: options.group }),
      onProgress: (line) => {
        terminal.err(`${line}\n`);
      },
    });
    wish.end = () => void lab.down();
    if (wish.over) wish.end();
    else {
      const state = await lab.status();
      if (options.json === true) printJson(terminal, { ...state });
      else terminal.out(render(state));
      terminal.err('Ctrl-C ends it.\n');
    }
    await lab.over;
    return EXIT_OK;
  } finally {
    release();
  }
}

async function status(terminal: Terminal, id: string | undefined, options: LabCommandOptions): Promise<number> {
  checkStamps(options);
  const states: LabStatus[] = [];
  for (const lab of await attach(id)) states.push(await lab.status());
  if (options.json === true) printJson(terminal, { labs: states });
  else terminal.out(states.length === 0 ? 'no lab runs\n' : states.map(render).join('\n'));
  return EXIT_OK;
}

async function down(terminal: Terminal, id: string | undefined, options: LabCommandOptions): Promise<number> {
  checkStamps(options);
  const { cleanCrashed } = loadLab();
  const labs = await attach(id);
  for (const lab of labs) await lab.down();
  const ended = labs.map(({ plan }) => plan.id);
  // The folder goes last.
  while (labs.some(({ plan }) => existsSync(plan.folder))) await new Promise((resolve) => setTimeout(resolve, 50));
  const crashed = cleanCrashed();
  if (options.json === true) printJson(terminal, { ended, crashed });
  else if (ended.length + crashed === 0) terminal.out('no lab runs\n');
  else
    terminal.out(
      [
        ...ended.map((each) => `lab ${each} has ended\n`),
        ...(crashed > 0 ? [`cleaned up after ${crashed} that crashed\n`] : []),
      ].join(''),
    );
  return EXIT_OK;
}

/** Labs of this user, or the one that is named. @throws StampError `LAB_UNKNOWN` */
async function attach(id: string | undefined): Promise<Lab[]> {
  const { findLabs, Lab: Running } = loadLab();
  const records: readonly LabRecord[] = findLabs();
  const wanted = id === undefined ? records : records.filter((record) => record.id === id);
  if (id !== undefined && wanted.length === 0) {
    const known = records.map((record) => record.id).join(', ');
    throw new StampError('LAB_UNKNOWN', `no lab ${id} runs`, known === '' ? 'None does.' : `Running: ${known}.`);
  }
  return Promise.all(wanted.map((record) => Running.attach(record)));
}

/** Every command that takes --stamps says when it is not there, even one that could do without. */
function checkStamps({ stamps }: CommonOptions): void {
  loadFleet(stamps);
}

function render({ id, speed, stamps, answers, dns, processes, memoryMegabytes }: LabStatus): string {
  return [
    `lab ${id}, speed ${speed}, ${processes} processes, ${memoryMegabytes} MB; DNS at ${dns.host}:${dns.port} (UDP)\n`,
    renderTable(
      ['STAMP', 'HEALTH', 'DATABASE', 'TASKS', 'LOAD BALANCER'],
      stamps.map((stamp) => [stamp.id, stamp.running ? stamp.health : 'down', stamp.role, String(stamp.tasks), stamp.url]),
    ),
    renderTable(
      ['NAME', 'LEADS TO'],
      Object.entries(answers).map(([name, said]) => [name, said === '' ? '-' : said]),
    ),
  ].join('\n');
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('a number above 0 is needed');
  return value;
}

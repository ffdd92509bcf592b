import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Ends what is left and removes the folder, whatever way the supervisor goes, `SIGKILL` included: a shell that waits at the other end of a pipe. It
 * knows the lab's processes by their working folder, so that it never ends another's; where the system does not tell, by the ids in `pids`.
 */
const SCRIPT = `
cat >/dev/null
# An ordinary end has cleaned up already.
[ -d "$FOLDER" ] || exit 0
for round in 1 2 3; do
  found=0
  for entry in /proc/[0-9]*; do
    folder=$(readlink "$entry/cwd" 2>/dev/null) || continue
    case "$folder" in
      "$FOLDER"|"$FOLDER"/*|"$FOLDER"*" (deleted)") kill -KILL "\${entry#/proc/}" 2>/dev/null && found=1 ;;
    esac
  done
  if [ ! -d /proc/self ] && [ -f "$FOLDER/pids" ]; then
    while read -r pid; do kill -KILL "-$pid" 2>/dev/null; done < "$FOLDER/pids"
  fi
  [ "$found" = 0 ] && break
  sleep 0.1
done
rm -rf "$FOLDER"
`;

/** Ends with its standard input. */
export function startGuardian(folder: string): ChildProcess {
  const guardian = spawn('/bin/sh', ['-c', SCRIPT], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { FOLDER: folder, PATH: process.env['PATH'] ?? '/usr/bin:/bin' },
  });
  guardian.stdin.on('error', () => undefined);
  guardian.unref();
  (guardian.stdin as unknown as { unref(): void }).unref();
  return guardian;
}

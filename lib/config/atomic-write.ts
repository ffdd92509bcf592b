import { randomBytes } from 'node:crypto';
import * as nodeFs from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { StampError } from '../errors';

/** The calls an atomic write makes, so that a test can let each of them fail. */
export type AtomicFileSystem = Pick<
  typeof nodeFs,
  | 'lstatSync'
  | 'statSync'
  | 'realpathSync'
  | 'openSync'
  | 'writeFileSync'
  | 'fsyncSync'
  | 'closeSync'
  | 'renameSync'
  | 'unlinkSync'
>;

/** Permissions of a new file, before the umask. */
const NEW_FILE_MODE = 0o666;

/**
 * Replaces a file so that every reader, and every crash, finds either the old text or the new one in full: a temporary file in
 * the same folder, flushed, then renamed over the old one, then the folder flushed. A link is followed and stays a link; the
 * permissions of the old file are kept.
 *
 * @throws StampError FILE_NOT_WRITTEN when the old file is still there as it was, FILE_NOT_FLUSHED when the new one is in place
 * but may not survive a power failure
 */
export function writeAtomically(file: string, text: string, fs: AtomicFileSystem = nodeFs): void {
  const { target, mode } = destination(file, fs);
  const folder = dirname(target);
  const temporary = join(folder, `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    writeTemporary(temporary, text, mode, fs);
    fs.renameSync(temporary, target);
  } catch (error) {
    // The temporary file may not exist, or the disk may refuse everything: what matters is the first error.
    attempt(() => {
      fs.unlinkSync(temporary);
    });
    throw notWritten(file, reasonOf(error));
  }
  flushFolder(folder, file, fs);
}

/** Where the bytes go: links are resolved, so that the link itself is not replaced. */
function destination(file: string, fs: AtomicFileSystem): { target: string; mode: number } {
  try {
    fs.lstatSync(file);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { target: file, mode: NEW_FILE_MODE };
    throw notWritten(file, reasonOf(error));
  }
  let target: string;
  let stats: nodeFs.Stats;
  try {
    target = fs.realpathSync(file);
    stats = fs.statSync(target);
  } catch (error) {
    const code = codeOf(error);
    throw notWritten(file, code === 'ENOENT' || code === 'ELOOP' ? 'it is a link that leads nowhere' : reasonOf(error));
  }
  if (!stats.isFile()) throw notWritten(file, 'it is not a regular file');
  return { target, mode: stats.mode & 0o777 };
}

function writeTemporary(temporary: string, text: string, mode: number, fs: AtomicFileSystem): void {
  const descriptor = fs.openSync(temporary, 'wx', mode);
  try {
    fs.writeFileSync(descriptor, text);
    fs.fsyncSync(descriptor);
  } catch (error) {
    attempt(() => {
      fs.closeSync(descriptor);
    });
    throw error;
  }
  fs.closeSync(descriptor);
}

/** Without this, a power failure may bring the old directory entry back. Systems that cannot flush folders have no need to. */
function flushFolder(folder: string, file: string, fs: AtomicFileSystem): void {
  let descriptor: number | undefined;
  try {
    descriptor = fs.openSync(folder, 'r');
    fs.fsyncSync(descriptor);
  } catch (error) {
    if (!['EINVAL', 'EISDIR', 'EPERM', 'EACCES', 'ENOTSUP'].includes(codeOf(error))) {
      const message = `${file} was replaced, but its folder could not be flushed to disk: ${reasonOf(error)}`;
      throw new StampError('FILE_NOT_FLUSHED', message, 'Check the disk, then check that the file is complete');
    }
  } finally {
    if (descriptor !== undefined) {
      const open = descriptor;
      attempt(() => {
        fs.closeSync(open);
      });
    }
  }
}

function notWritten(file: string, reason: string): StampError {
  const fix = 'Nothing was changed; check permissions and free space of its folder';
  return new StampError('FILE_NOT_WRITTEN', `${file} could not be written: ${reason}`, fix);
}

function attempt(action: () => void): void {
  try {
    action();
  } catch {
    // Cleaning up is worth a try and never hides the reason why there is something to clean up.
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

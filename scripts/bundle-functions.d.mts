import type { Metafile } from 'esbuild';

export function bundleFunctions(onBundle?: (metafile: Metafile) => void): Promise<string[]>;

export function bundleFunctions(): Promise<string[]>;

/**
 * Sizes of Fargate tasks: memory comes in steps that depend on the CPU units
 * (ECS developer guide, "task-cpu-memory-error"; the same table is in aws-cdk-lib's FargateTaskDefinition).
 */
export interface FargateSize {
  /** CPU units; 1024 is one vCPU. */
  readonly cpu: number;
  /** MiB, smallest first. */
  readonly memory: readonly number[];
}

function steps(fromGib: number, toGib: number, stepGib: number): number[] {
  return Array.from({ length: (toGib - fromGib) / stepGib + 1 }, (_, index) => (fromGib + index * stepGib) * 1024);
}

const FARGATE_SIZES: readonly FargateSize[] = [
  { cpu: 256, memory: [512, 1024, 2048] },
  { cpu: 512, memory: steps(1, 4, 1) },
  { cpu: 1024, memory: steps(2, 8, 1) },
  { cpu: 2048, memory: steps(4, 16, 1) },
  { cpu: 4096, memory: steps(8, 30, 1) },
  { cpu: 8192, memory: steps(16, 60, 4) },
  { cpu: 16384, memory: steps(32, 120, 8) },
];

export function isFargateSize(cpu: number, memory: number): boolean {
  return FARGATE_SIZES.some((size) => size.cpu === cpu && size.memory.includes(memory));
}

/** The smallest valid size with at least that much of both; the largest one when nothing is big enough. */
export function nextFargateSize(cpu: number, memory: number): { readonly cpu: number; readonly memory: number } {
  for (const size of FARGATE_SIZES) {
    const fitting = size.memory.find((step) => step >= memory);
    if (size.cpu >= cpu && fitting !== undefined) return { cpu: size.cpu, memory: fitting };
  }
  return { cpu: 16384, memory: 122_880 };
}

/** What the application contract puts into every task's environment, beside `STAMP_DATABASE`, which is read from SSM at task start. */
export function applicationEnvironment(stamp: {
  readonly stampId: string;
  readonly group: string;
  readonly region: string;
  /** What users get while the stamp's database is not the writer. */
  readonly standbyServes: 'reads' | 'none';
  readonly queueUrl?: string;
}): Record<string, string> {
  return {
    STAMP_ID: stamp.stampId,
    STAMP_GROUP: stamp.group,
    STAMP_REGION: stamp.region,
    // Who is the writer is runtime state (R1): the application asks its database, and this says what to do while it is not.
    STAMP_STANDBY_SERVES: stamp.standbyServes,
    ...(stamp.queueUrl !== undefined && { STAMP_QUEUE_URL: stamp.queueUrl }),
    // Traces go straight to X-Ray's OTLP endpoint in this Region, signed with the task role: no agent, no image from elsewhere (R10).
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `https://xray.${stamp.region}.amazonaws.com/v1/traces`,
    OTEL_RESOURCE_ATTRIBUTES: `stampkit.stamp=${stamp.stampId},stampkit.group=${stamp.group}`,
    OTEL_PROPAGATORS: 'tracecontext,baggage,xray',
  };
}

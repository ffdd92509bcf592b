/**
 * The JSON protocol of SQS and DynamoDB, just enough for this sample. On AWS use the SDK: it signs requests with the task's role. Here a sample
 * without dependencies shows what its calls have in common with every other call over a network: a time-out.
 */
export async function awsJson<T>(url: string, target: string, body: unknown, timeoutMs: number): Promise<T> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(timeoutMs),
  });
  const document = (await response.json()) as T & { readonly __type?: string; readonly message?: string };
  if (!response.ok) throw new AwsError(document.__type ?? `HTTP ${response.status}`, document.message ?? '');
  return document;
}

export class AwsError extends Error {
  public constructor(
    public readonly type: string,
    message: string,
  ) {
    super(`${type}: ${message}`);
    this.name = 'AwsError';
  }
}

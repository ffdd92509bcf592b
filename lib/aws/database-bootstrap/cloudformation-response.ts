import { request } from 'node:https';

/** Milliseconds one attempt may take. */
const TIMEOUT = 10_000;

/**
 * Puts the answer of a custom resource where CloudFormation waits for it: a pre-signed S3 URL, which must not get a content type.
 * Rejects when S3 refuses it or cannot be reached.
 */
export function putResponse(url: string, body: string, { ca }: { readonly ca?: string } = {}): Promise<void> {
  return new Promise((resolve, reject) => {
    const put = request(
      url,
      {
        method: 'PUT',
        headers: { 'content-type': '', 'content-length': Buffer.byteLength(body) },
        timeout: TIMEOUT,
        ...(ca !== undefined && { ca }),
      },
      (response) => {
        response.resume();
        response.once('end', () => {
          const { statusCode = 0 } = response;
          if (statusCode >= 200 && statusCode < 300) resolve();
          // Without the URL: whoever has it may answer.
          else reject(new Error(`CloudFormation's bucket answered ${statusCode}`));
        });
      },
    );
    put.once('timeout', () => put.destroy(new Error(`CloudFormation's bucket did not answer within ${TIMEOUT} ms`)));
    put.once('error', reject);
    put.end(body);
  });
}

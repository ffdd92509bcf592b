import { z } from 'zod';
import { mapping } from './collections';
import { wholeNumber } from './numbers';
import { Rejection, sentence, text } from './scalar';

/** CPU units and memory of a task; ECS on EC2 takes any numbers, the pairs of Fargate are checked elsewhere. */
export const cpuUnits = () => wholeNumber('CPU units', { min: 128, max: 196_608 });
export const memoryMib = () => wholeNumber('MiB', { min: 128, max: 1_048_576 });

/** Words of a command that replace the image's own. */
export const command = () =>
  z
    .array(sentence('a word', ['node']))
    .min(1)
    .max(100);

const variableName = () =>
  text({ title: 'a variable', pattern: '^[A-Za-z_][A-Za-z0-9_]*$', examples: ['LOG_LEVEL'] }, (value) => {
    if (!/^[A-Za-z_][A-Za-z0-9_]{0,254}$/.test(value)) {
      return new Rejection('invalid-name', 'is not the name of a variable', 'use letters, digits and _, the first no digit');
    }
    return value;
  });

/** Environment variables in plain text. */
export const environment = () =>
  mapping(
    variableName(),
    text({ title: 'text', examples: ['info'] }, (value) => value),
  );

/** Environment variables from Secrets Manager; whether an ARN would tie them to one Region is checked elsewhere. */
export const secrets = () =>
  mapping(
    variableName(),
    text({ title: 'a secret name', maxLength: 2048, examples: ['shop/payments'] }, (value) => {
      if (/^[A-Za-z0-9/_+=.@:-]{1,2048}$/.test(value)) return value;
      const fix = 'use the name of the secret in Secrets Manager: letters, digits and / _ + = . @ -';
      return new Rejection('invalid-value', 'is not the name of a secret', fix);
    }),
  );

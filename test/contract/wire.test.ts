import { describeContract } from './contract';
import { wireScene } from './wire-scene';

describeContract({ name: 'wire', make: wireScene });

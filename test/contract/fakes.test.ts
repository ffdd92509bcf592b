import { describeContract } from './contract';
import { fakesScene } from './fakes-scene';

describeContract({ name: 'fakes', make: fakesScene });

// Entry of the bundle: every workflow type, under its own name.
export { instruction } from './instruction.workflow.ts';

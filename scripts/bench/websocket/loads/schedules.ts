import { answerBench } from "../../child.ts";
import { runSchedules } from "../wrong-books.ts";

/* Schedules of faults from the first to before the last. */
answerBench({}, ({ from, to }: { readonly from: number; readonly to: number }) => runSchedules(from, to));

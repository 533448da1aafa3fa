import { answerIdle } from "../../idle-crowd.ts";
import { loggedIn } from "./login.ts";

/* Sessions that are logged in. */

answerIdle(loggedIn);

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { ask } from "./api.js";

/**
 * The answer to a REST call, or undefined until it is there; what goes wrong is shown by `ask`.
 * @param {string} path
 */
export function useAnswer(path, how = ask) {
  const answer = useSignal(/** @type {any} */ (undefined));
  useEffect(() => {
    how(path).then(
      (given) => (answer.value = given),
      () => {},
    );
  }, [path]);
  return answer.value;
}

import { startFtp } from "../../../servers/ftp/index.ts";
import { sharedLeaf } from "../../../wire/certificate.ts";
import { fileServerContract } from "../../contracts/file-server.ts";

fileServerContract("our own session", (options) => startFtp(options));

fileServerContract(
  "ftp-srv",
  (options) => startFtp({ ...options, engine: "ftp-srv", certificate: sharedLeaf() }),
  {
    "a wrong password is 530, and the next may be right": "it keeps the first USER of a connection",
    "SYST, FEAT, HELP and NOOP are answered before the login": "its HELP is 211",
    "FEAT names UTF8, SIZE, MDTM and REST STREAM": "it can REST and does not say so",
    "a command that comes in pieces is one": "each packet is taken for commands of its own",
    "an unknown command is 500": "it says 502 to all that it does not know",
    "a missing argument is 501": "it takes the argument to be there: 550, 551, 213",
    "a control character in a name is 501": "it makes such names",
    "quotes are doubled in 257": "it drops the quotes of an argument",
    "what cannot be removed or made is 550, and stays as it was":
      "its RMD removes files, and its DELE folders",
    "a folder does not go into itself: 553": "every refusal of RNTO is 550",
    "SIZE and MDTM tell of a file, and 550 of none": "it says 213 for the size of a folder",
    "MLST tells the facts of a file": "it does not know MLST",
    "MFMT sets the time that MDTM tells": "it does not know MFMT",
    "TYPE, STRU and MODE take what is in use, and 504 the rest": "it answers some of them otherwise",
    "OPTS UTF8 ON is 200": "it refuses it",
    "whoever speaks HTTP is sent away": "it does not end the connection",
    "what comes in clear behind AUTH TLS is never run": "it runs it, and answers over TLS",
    "PORT to another address, or to a port below 1024, is refused": "it connects to whatever is named",
    "EPSV ALL forbids the rest": "it takes ALL for nothing",
    "a transfer without a data connection agreed upon is 425": "it says 551",
    "a missing file is 550, and the session goes on": "it says 551",
    "names are kept as they were sent": "it drops quotes",
    "STOU makes a new name and tells it": "without a name of the client's it has none",
    "TYPE A sends lines that end in CRLF": "it sends the bytes as they are",
    "LIST, NLST and MLSD name what is there": "it does not know MLSD",
    "LIST of an empty folder is empty, of a missing one 550 or 450": "it lists one empty line",
    "LIST skips the flags of ls": "it takes them for names",
    "NOOP is heard while a transfer runs, and ABOR ends it with 426 and 226": "it hears nothing meanwhile",
    "an upload whose connection is reset is 426, and the file that was there stays": "it says 550",
    "a data connection from somebody else does not take the client's place": "the first one is the only one",
    "PROT P protects the data connection": "it waits for ever when no handshake comes",
  },
);

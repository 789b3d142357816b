// The page: header, map, panel, and both times below.
import { render } from "preact";
import "./style.css";
import "./phone.css";
import { App } from "./app";
import "./print.css";

render(<App />, document.getElementById("console")!);

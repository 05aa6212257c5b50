import { render } from "preact";
import { App } from "./app.tsx";
import "./styles.css";
import "./screens.css";
import "./lab.css";

const place = document.getElementById("app");
if (place !== null) render(<App />, place);

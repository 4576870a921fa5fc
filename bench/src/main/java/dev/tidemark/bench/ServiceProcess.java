package dev.tidemark.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A service as users run it, under GNU time, until it is told to end. */
record ServiceProcess(String name, Process process, Path log, Path times) {

  /** Starts it; what it logs is in the directory. */
  static ServiceProcess start(Path launcher, String name, Path directory, Map<String, String> environment) {
    Path log = directory.resolve(name + ".log");
    Path times = directory.resolve(name + ".times");
    try {
      var builder = new ProcessBuilder(TimedProcess.timed(List.of(launcher.toString(), name), times))
          .redirectErrorStream(true).redirectOutput(log.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      Runtime.getRuntime().addShutdownHook(new Thread(() -> end(process)));
      return new ServiceProcess(name, process, log, times);
    } catch (IOException e) {
      throw new BenchException("cannot start the " + name + ": " + e.getMessage(), e);
    }
  }

  void requireAlive() {
    if (!process.isAlive()) {
      throw new BenchException("the " + name + " has ended by itself: " + TimedProcess.lastLine(log));
    }
  }

  /** Ends it as its users do, and says what it took. */
  Measurement stop() {
    end(process);
    process.onExit().join();
    return TimedProcess.measurement(times);
  }

  /** GNU time has to stay, to say what its child took. */
  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroy);
  }
}

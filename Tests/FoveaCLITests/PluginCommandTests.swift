import Foundation
import Fovea
import Testing

@Suite struct PluginCommandTests {
  @Test func makesAPackage() throws {
    let files = try TemporaryFolder()
    let toolkit = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().path
    let result = try Program.run("plugin", "new", "Bend", "-o", files["made"], "--toolkit", toolkit)
    result.expectSuccess()
    #expect(result.lines.count == 7)
    for path in result.lines { #expect(FileManager.default.fileExists(atPath: path)) }
    let manifest = try String(contentsOfFile: files["made/Bend/Package.swift"], encoding: .utf8)
    #expect(manifest.contains("type: .dynamic"))
    // What the network needs besides the new layer is there.
    try Program.run("summary", files["made/Bend/bend.yaml"]).expectFailure(saying: "unknown layer 'bend'")
    try Program.run("plugin", "new", "Bend", "-o", files["made"], "--toolkit", toolkit)
      .expectFailure(saying: "exists already")
  }

  @Test func refusesNamesThatCannotBe() throws {
    try Program.run("plugin", "new", "swish").expectFailure(saying: "a capital first")
    try Program.run("plugin", "new", "Relu").expectFailure(saying: "the built-in layer 'relu'")
    try Program.run("plugin", "new", "Bend", "--toolkit", "/usr").expectFailure(saying: "no package of the toolkit")
  }

  @Test func whatIsNoPluginIsAnError() throws {
    let files = try TemporaryFolder()
    try "no library".write(toFile: files["text.so"], atomically: true, encoding: .utf8)
    for arguments in [["--plugin", files["text.so"], "layers"], ["layers", "--plugin", files["text.so"]]] {
      try Program.run(arguments).expectFailure(saying: "'\(files["text.so"])' is no dynamic library")
    }
    let check = try Program.run("plugin", "check", files["text.so"])
    #expect(check.status == 1 && !check.wasKilled)
    #expect(check.output.contains("✗ '\(files["text.so"])' is no dynamic library"))
  }
}

import Foundation
import FoveaCore
import FoveaPlugin
import Testing

/// What the loader makes of files that are no plugin of this program. Each `fovea_plugin_enter_…` here ends the process,
/// which proves that nobody has called it.
struct PluginLibraryTests {
  private func error(_ path: String) -> PluginError? {
    var loader = PluginLoader(Registry())
    do { try loader.load(path) } catch { return error }
    return nil
  }

  @Test func missingFilesAndFoldersAreNamed() throws {
    let maker = try LibraryMaker()
    #expect(error("/no/such/plugin.so") == .unreadable(path: "/no/such/plugin.so", reason: "there is no such file"))
    #expect(
      error(maker.folder) == .unreadable(path: maker.folder, reason: "it is a folder or a device, and no file"))
    #expect(
      error("/dev/null") == .unreadable(path: "/dev/null", reason: "it is a folder or a device, and no file"))
  }

  @Test func whatIsNoLibraryIsRefused() throws {
    let maker = try LibraryMaker()
    let text = try maker.file("text.so", Array("#!/bin/sh\necho a shell script that is longer than a header\n".utf8))
    #expect(error(text) == .notALibrary(path: text, reason: "it does not begin as one"))
    let nothing = try maker.file("nothing.so", [])
    #expect(error(nothing) == .notALibrary(path: nothing, reason: "it does not begin as one"))
    let object = try maker.library("object", LibraryMaker.enter("object"), options: ["-c"])
    #expect(error(object) == .notALibrary(path: object, reason: "it cannot be loaded at run time"))
    var narrow = [UInt8](try Data(contentsOf: URL(fileURLWithPath: maker.plugin("narrow"))))
    narrow[4] = 1
    let foreign = try maker.file("foreign.so", narrow)
    #expect(error(foreign) == .notALibrary(path: foreign, reason: "it is not for a 64-bit little-endian machine"))
  }

  /// The system's own loader dies of these.
  @Test(arguments: [4, 20, 63, 64, 100, 500, 2000, 4096, 8192, 12_000])
  func truncatedLibrariesAreRefused(length: Int) throws {
    let maker = try LibraryMaker()
    let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: maker.plugin("whole"))))
    try #require(length < whole.count)
    let path = try maker.file("truncated.so", whole.prefix(length))
    guard case .notALibrary(path, let reason)? = error(path) else {
      Issue.record("\(String(describing: error(path)))")
      return
    }
    #expect(reason.contains("truncated"))
  }

  @Test func hostileHeadersAreRefused() throws {
    let maker = try LibraryMaker()
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: maker.plugin("sound"))))
    for i in 32..<40 { bytes[i] = 0xFF }
    let path = try maker.file("hostile.so", bytes)
    #expect(error(path) == .notALibrary(path: path, reason: "it is damaged or truncated"))
  }

  @Test func missingFunctionsAreNamed() throws {
    let maker = try LibraryMaker()
    let none = try maker.library("none", "int answer = 42;")
    #expect(error(none) == .notAPlugin(path: none, symbol: "fovea_plugin_information_none"))
    let half = try maker.library("half", LibraryMaker.Information().code("half"))
    #expect(error(half) == .notAPlugin(path: half, symbol: "fovea_plugin_enter_half"))
    let renamed = maker.folder + "/other-name.so"
    try FileManager.default.moveItem(atPath: maker.plugin("first"), toPath: renamed)
    #expect(error(renamed) == .notAPlugin(path: renamed, symbol: "fovea_plugin_information_other-name"))
    #expect(error(renamed)?.description.contains("leave its file the name") == true)
  }

  @Test func missingSymbolsAreFoundBeforeTheyAreUsed() throws {
    let maker = try LibraryMaker()
    let path = try maker.library(
      "unresolved",
      "void nobody_has_this(void);\n" + LibraryMaker.Information().code("unresolved") + "\n"
        + LibraryMaker.enter("unresolved", "nobody_has_this();"))
    guard case .notLoadable(path, let reason)? = error(path) else {
      Issue.record("\(String(describing: error(path)))")
      return
    }
    #expect(reason.contains("nobody_has_this"))
    #expect(error(path)?.description.contains("build the plugin anew") == true)
  }

  @Test func anotherInterfaceIsRefusedWithoutReadingOn() throws {
    let maker = try LibraryMaker()
    let path = try maker.plugin("later", .init(api: "7", compiler: "(const char *)1", toolkit: "(const char *)2"))
    #expect(error(path) == .otherInterface(path: path, expected: 2, got: 7))
  }

  @Test func anotherCompilerIsRefused() throws {
    let maker = try LibraryMaker()
    let path = try maker.plugin("older", .init(compiler: LibraryMaker.quoted("Swift 50902, Clang 15")))
    #expect(error(path) == .otherCompiler(path: path, expected: LibraryMaker.compiler, got: "Swift 50902, Clang 15"))
    #expect(error(path)?.description.contains("'\(path)' was built by Swift 5.9.2") == true)
    let cCompiler = try maker.plugin("c", .init(compiler: "FOVEA_COMPILER"))
    guard case .otherCompiler(cCompiler, _, _)? = error(cCompiler) else {
      Issue.record("\(String(describing: error(cCompiler)))")
      return
    }
  }

  @Test func anotherToolkitIsRefused() throws {
    let maker = try LibraryMaker()
    let path = try maker.plugin("ancient", .init(toolkit: LibraryMaker.quoted("0.0.1")))
    #expect(error(path) == .otherToolkit(path: path, expected: Toolkit.version, got: "0.0.1"))
  }

  @Test func functionsThatReturnNothingAreNamed() throws {
    let maker = try LibraryMaker()
    let silent = try maker.library(
      "silent", "const void *fovea_plugin_information_silent(void) { return 0; }\n" + LibraryMaker.enter("silent")
    )
    #expect(error(silent) == .broken(path: silent, symbol: "fovea_plugin_information_silent"))
    let wordless = try maker.plugin("wordless", .init(compiler: "0"))
    #expect(error(wordless) == .broken(path: wordless, symbol: "fovea_plugin_information_wordless"))
    let idle = try maker.plugin("idle", enter: "")
    #expect(error(idle) == .broken(path: idle, symbol: "fovea_plugin_enter_idle"))
  }

  @Test func everyErrorNamesTheFile() throws {
    let maker = try LibraryMaker()
    let paths = try [
      "/no/such/plugin.so", maker.plugin("a", .init(api: "9")), maker.plugin("b", .init(toolkit: "\"3.0.0\"")),
      maker.library("c", ""), maker.plugin("d", enter: ""),
    ]
    for path in paths { #expect(error(path)?.description.contains("'\(path)'") == true) }
  }
}

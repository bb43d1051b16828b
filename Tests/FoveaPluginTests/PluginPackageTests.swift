import Foundation
import FoveaCore
import FoveaPlugin
import Testing

struct PluginPackageTests {
  private static let toolkit = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  @Test(arguments: [
    ("Swish", "swish"), ("MaxOut", "maxOut"), ("CReLU", "cReLU"), ("GELU", "gelu"), ("LRN2", "lrn2"), ("X", "x"),
    ("GELUTanh", "geluTanh"),
  ]) func kindsFollowFromNames(name: String, kind: String) throws {
    #expect(try PluginName(name).kind == kind)
  }

  @Test(arguments: ["", "swish", "2D", "My-Layer", "Großes", "../Up", "With Space", String(repeating: "A", count: 41)])
  func namesThatAreNoTypesAreRefused(name: String) {
    #expect(throws: PluginMakingError.invalidName(name)) { try PluginName(name) }
  }

  @Test(arguments: ["Swift", "Foundation", "FoveaCore", "Testing", "Self", "Any"])
  func namesThatMeanSomethingElseAreRefused(name: String) {
    #expect(throws: PluginMakingError.nameIsTaken(name, by: "Swift or the toolkit")) { try PluginName(name) }
  }

  @Test func allFilesAreWritten() throws {
    let maker = try LibraryMaker()
    let parent = maker.folder + "/deep/er"
    let package = PluginPackage(try PluginName("CReLU"), toolkit: try ToolkitLocation(Self.toolkit))
    let written = try package.write(in: parent)
    #expect(
      written.map { String($0.dropFirst(parent.count + 1)) } == [
        "CReLU/Package.swift", "CReLU/Sources/CReLU/CReLULayer.swift", "CReLU/Sources/CReLU/CReLUPlugin.swift",
        "CReLU/Tests/CReLUTests/CReLULayerTests.swift", "CReLU/README.md", "CReLU/cReLU.yaml", "CReLU/.gitignore",
      ])
    for (path, (_, contents)) in zip(written, package.files) {
      #expect(try String(contentsOfFile: path, encoding: .utf8) == contents)
    }
    #expect(throws: PluginMakingError.folderExists(parent + "/CReLU")) { try package.write(in: parent) }
  }

  @Test func theNameIsEverywhereAndTheTemplatesNowhere() throws {
    let files = PluginPackage(try PluginName("Bend"), toolkit: .folder("/opt/fovea")).files
    let texts = Dictionary(uniqueKeysWithValues: files.map { ($0.path, $0.contents) })
    for text in texts.values { #expect(!text.contains("Swish") && !text.contains("swish")) }
    let plugin = try #require(texts["Sources/Bend/BendPlugin.swift"])
    #expect(plugin.contains("@_cdecl(\"fovea_plugin_information_Bend\")"))
    #expect(plugin.contains("@_cdecl(\"fovea_plugin_enter_Bend\")"))
    #expect(try #require(texts["Package.swift"]).contains(".package(name: \"Fovea\", path: \"/opt/fovea\")"))
    #expect(try #require(texts["bend.yaml"]).contains("{kind: bend, slope: 1.5}"))
  }

  @Test func theToolkitIsAFolderOrAnAddress() throws {
    #expect(try ToolkitLocation("https://example.org/fovea.git") == .repository("https://example.org/fovea.git"))
    #expect(throws: PluginMakingError.noToolkit("/tmp")) { try ToolkitLocation("/tmp") }
    let files = PluginPackage(try PluginName("Bend"), toolkit: try ToolkitLocation("https://example.org/vision.git"))
      .files
    let manifest = try #require(files.first).contents
    #expect(manifest.contains(".package(url: \"https://example.org/vision.git\", exact: \"\(Toolkit.version)\")"))
    #expect(manifest.contains("package: \"vision\""))
  }

  @Test func theToolkitIsFoundFromItsProgram() throws {
    let maker = try LibraryMaker()
    let root = maker.folder + "/toolkit"
    for folder in ["/Sources/FoveaCore", "/.build/release"] {
      try FileManager.default.createDirectory(atPath: root + folder, withIntermediateDirectories: true)
    }
    try "".write(toFile: root + "/Package.swift", atomically: true, encoding: .utf8)
    let resolved = URL(fileURLWithPath: root).resolvingSymlinksInPath().path
    #expect(try ToolkitLocation(ofProgram: root + "/.build/release/fovea") == .folder(resolved))
    #expect(throws: PluginMakingError.self) { try ToolkitLocation(ofProgram: "/usr/bin/env") }
  }
}

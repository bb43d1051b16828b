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

  @Test(arguments: [
    (ToolkitLocation.Requirement.version("1.2.3"), "exact: \"1.2.3\""), (.branch("main"), "branch: \"main\""),
    (.revision("0a1b"), "revision: \"0a1b\""),
  ]) func theToolkitIsAFolderOrAnAddress(requirement: ToolkitLocation.Requirement, words: String) throws {
    #expect(throws: PluginMakingError.noToolkit("/tmp")) { try ToolkitLocation("/tmp") }
    #expect(throws: PluginMakingError.noToolkitAround("/usr/bin/env")) {
      try ToolkitLocation(ofProgram: "/usr/bin/env")
    }
    let location = ToolkitLocation.repository("https://example.org/vision.git", requirement)
    let manifest = try #require(PluginPackage(PluginName("Bend"), toolkit: location).files.first).contents
    #expect(manifest.contains(".package(url: \"https://example.org/vision.git\", \(words))"))
    #expect(manifest.contains("package: \"vision\""))
  }

  private func git(_ folder: String, _ script: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    let identity = "-c user.name=a -c user.email=a@example.org -c commit.gpgsign=false"
    process.arguments = [
      "-ec", "cd '\(folder)'; g() { git -c init.defaultBranch=trunk \(identity) \"$@\" >/dev/null 2>&1; }; \(script)",
    ]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
  }

  /// A repository without a tag for this version is followed at its main branch, whatever other tags it has.
  @Test(arguments: [
    ("", ToolkitLocation.Requirement.branch("trunk")), ("g tag latest; g tag release-1", .branch("trunk")),
    ("g tag 0.0.1-never", .branch("trunk")),
    ("g tag \(Toolkit.version)", .version(Toolkit.version)),
    ("g tag -a -m x v\(Toolkit.version)", .version(Toolkit.version)),
  ]) func aRepositoryIsAskedForItsTags(tags: String, requirement: ToolkitLocation.Requirement) throws {
    let maker = try LibraryMaker()
    let folder = maker.folder
    try git(folder, "g init; echo a > a; g add a; g commit -m a; \(tags)")
    #expect(try ToolkitLocation("file://" + folder) == .repository("file://" + folder, requirement))
  }

  @Test func aRepositoryThatCannotBeReadSaysWhy() throws {
    let maker = try LibraryMaker()
    let address = "file://\(maker.folder)/nothing"
    do {
      _ = try ToolkitLocation(address)
      Issue.record("it was taken")
    } catch {
      #expect(error.description.hasPrefix("the toolkit's repository '\(address)' cannot be read: "))
    }
    try git(maker.folder, "mkdir empty; cd empty; g init")
    #expect(throws: PluginMakingError.unreachable("file://\(maker.folder)/empty", reason: "it has no commits")) {
      try ToolkitLocation("file://\(maker.folder)/empty")
    }
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

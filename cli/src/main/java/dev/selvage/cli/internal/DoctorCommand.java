package dev.selvage.cli.internal;

import dev.selvage.cli.internal.doctor.Doctor;
import dev.selvage.cli.internal.doctor.DoctorSettings;
import dev.selvage.cli.internal.doctor.Finding;
import dev.selvage.cli.internal.doctor.Finding.Level;
import dev.selvage.formats.config.Profile;
import dev.selvage.formats.config.ProfileFile;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "doctor",
        description = {
            "Check the ways to the ledger and the nodes, and between organisations in both directions, clocks included.",
            "Nothing is written. What a code means: selvage explain CODE."
        })
final class DoctorCommand extends BaseCommand {
    @Parameters(
            arity = "0..*",
            paramLabel = "ORG",
            description =
                    "Organisations to check with each other, such as EwrMSP JfkMSP (default: all of the channel).")
    private List<String> organisations = List.of();

    @Option(
            names = "--also",
            paramLabel = "FILE",
            description = "A profile of another organisation, to try its side as well; repeat for several."
                    + " Those of a local network are found by themselves.")
    private List<Path> also = List.of();

    @Option(
            names = "--max-skew",
            paramLabel = "TIME",
            defaultValue = "2s",
            converter = Times.Converter.class,
            description = "How far clocks may be apart (default ${DEFAULT-VALUE}).")
    private Duration skew;

    @Option(
            names = "--expiry-days",
            paramLabel = "N",
            defaultValue = "30",
            description = "Warn of certificates that expire within N days (default ${DEFAULT-VALUE}).")
    private int days;

    @Option(
            names = "--chaincode-version",
            paramLabel = "TEXT",
            description =
                    "The version of the contract's definition that must be committed (default: this build's is expected).")
    private String version;

    @Option(names = "--chaincode-sequence", paramLabel = "N", description = "The sequence that must be committed.")
    private Long sequence;

    @Override
    int run(Session session) {
        var known = profiles(session);
        var wanted =
                organisations.stream().map(name -> msp(name, known)).distinct().toList();
        var concerned = known.stream()
                .filter(profile -> wanted.isEmpty() || profile.equals(known.get(0)) || wanted.contains(profile.msp()))
                .toList();
        var settings = new DoctorSettings(
                skew,
                Duration.ofDays(days),
                Optional.ofNullable(version),
                sequence == null ? OptionalLong.empty() : OptionalLong.of(sequence),
                session.distribution().build().getProperty("version", "1"));
        var doctor = new Doctor(settings, session.environment(), finding -> session.detail(line(finding)));
        var findings = doctor.examine(concerned, wanted);
        session.answer(answer(findings), () -> text(findings));
        var fault = fault(findings);
        fault.ifPresent(no -> session.progress(FaultText.of(no)));
        return fault.isEmpty() ? ExitStatus.DONE : ExitStatus.CHECK_SAID_NO;
    }

    /** The user's own profile, then those of other organisations that are here. */
    private List<Profile> profiles(Session session) {
        List<Profile> all = new ArrayList<>();
        all.add(session.profile());
        also.forEach(file -> add(all, ProfileFile.read(file.toAbsolutePath().normalize(), session.environment())));
        for (var node : new TreeMap<>(all.get(0).nodes()).keySet()) {
            var beside = Nodes.userProfile(session, node.msp());
            if (Files.exists(beside)) {
                add(all, ProfileFile.read(beside, session.environment()));
            }
        }
        return all;
    }

    private static void add(List<Profile> all, Profile profile) {
        if (all.stream().noneMatch(known -> known.msp().equals(profile.msp()))) {
            all.add(profile);
        }
    }

    /** A person may write {@code ewr} for EwrMSP. */
    private static String msp(String written, List<Profile> profiles) {
        return profiles.stream()
                .map(Profile::msp)
                .filter(msp -> msp.equals(written)
                        || msp.toLowerCase(Locale.ROOT).equals(written.toLowerCase(Locale.ROOT) + "msp"))
                .findFirst()
                .orElse(written);
    }

    private static Object answer(List<Finding> findings) {
        var answer = CanonicalJson.object()
                .put("ok", count(findings, Level.FAIL) == 0)
                .put("failed", count(findings, Level.FAIL))
                .put("warned", count(findings, Level.WARN));
        var checks = answer.putArray("checks");
        for (var finding : findings) {
            var check = checks.addObject()
                    .put("result", word(finding))
                    .put("subject", finding.subject())
                    .put("check", finding.check())
                    .put("sentence", finding.sentence());
            if (finding.code() != null) {
                check.put("code", finding.code().name())
                        .put("next", finding.code().nextStep());
            }
        }
        return answer;
    }

    private static long count(List<Finding> findings, Level level) {
        return findings.stream().filter(finding -> finding.level() == level).count();
    }

    private static String word(Finding finding) {
        return finding.level().name().toLowerCase(Locale.ROOT);
    }

    private static String text(List<Finding> findings) {
        var table = new TextTable("", "FROM", "CHECK", "FOUND");
        findings.forEach(finding -> table.row(word(finding), finding.subject(), finding.check(), found(finding)));
        long warned = count(findings, Level.WARN);
        long failed = count(findings, Level.FAIL);
        return table + "\n" + findings.size() + " checks: " + (failed == 0 ? "none failed" : failed + " failed")
                + (warned == 0 ? "" : ", " + warned + " to look at");
    }

    private static String found(Finding finding) {
        return finding.code() == null
                ? finding.sentence()
                : FaultText.of(new SelvageException(finding.code(), finding.sentence()));
    }

    private static String line(Finding finding) {
        return word(finding) + " " + finding.subject() + " " + finding.check() + " " + found(finding);
    }

    private static Optional<SelvageException> fault(List<Finding> findings) {
        var failed = findings.stream()
                .filter(finding -> finding.level() == Level.FAIL)
                .map(finding -> finding.code().name())
                .distinct()
                .collect(Collectors.joining(", "));
        return failed.isEmpty()
                ? Optional.empty()
                : Optional.of(new SelvageException(
                        ErrorCode.CHECK_FAILED,
                        count(findings, Level.FAIL) + " of " + findings.size() + " checks failed: " + failed + "."));
    }
}

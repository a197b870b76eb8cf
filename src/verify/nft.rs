//! nft checks firewall rules against the kernel, which takes root.

use anyhow::Result;

use super::Checker;
use super::desk::Desk;
use super::files::Files;
use super::finding::Finding;
use super::job::Job;
use super::program::Program;

const NFT: Program = Program::new(&["nft"], "Debian package nftables");

pub(super) const CHECKER: Checker = Checker {
    name: "nft",
    programs: &[NFT],
    root: true,
    jobs,
    judge,
};

fn jobs(files: &Files) -> Vec<Job> {
    Job::each(files, &["system/nftables/*.nft"])
}

fn judge(desk: &Desk<'_>) -> Result<Vec<Finding>> {
    let said = desk.run(&NFT, ["-c", "-f", desk.main()])?;
    Ok(desk.findings(&said))
}
